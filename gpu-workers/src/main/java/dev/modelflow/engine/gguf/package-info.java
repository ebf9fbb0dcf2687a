/** Models as GGUF files, which llama.cpp and what builds on it load. */
@NullMarked
package dev.modelflow.engine.gguf;

import org.jspecify.annotations.NullMarked;
