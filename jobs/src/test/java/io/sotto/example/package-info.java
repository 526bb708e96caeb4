/** Classes as a user writes them, outside of Sotto's packages: the examples of CONTRIBUTING. */
@org.jspecify.annotations.NullMarked
package io.sotto.example;
