/**
 * The pools that MemFuse is compared with, each opened as its documentation says, with the same sizes and nothing else
 * changed but what would make it do less or more work than the others. Uses {@code stub}.
 */
@NullMarked
package io.memfuse.bench.peer;

import org.jspecify.annotations.NullMarked;
