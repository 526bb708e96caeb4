/**
 * Models of language: what agents with texts minimise. The model is that of DeepSeek-V3
 * (arXiv:2412.19437) at a small size; x is the vector of its parameters.
 */
@NullMarked
package io.sotto.model;

import org.jspecify.annotations.NullMarked;
