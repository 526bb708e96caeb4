/**
 * How much attacks learn beyond what a blind guess gets. Only here is the {@link
 * io.sotto.privacy.judge.Truth} seen, which victims keep to themselves: {@link
 * io.sotto.privacy.judge.Audit} runs attacks and has their findings compared with it, {@link
 * io.sotto.privacy.judge.DistinguishingGame} has them tell two problems apart.
 */
@NullMarked
package io.sotto.privacy.judge;

import org.jspecify.annotations.NullMarked;
