/**
 * What other people's protocols tell: plain implementations of a few by which several holders of
 * rows fit one model ({@link io.sotto.privacy.protocol.Protocols}), scored as attacks on Sotto's
 * own methods are ({@link io.sotto.privacy.protocol.Exchanged}).
 */
@NullMarked
package io.sotto.privacy.protocol;

import org.jspecify.annotations.NullMarked;
