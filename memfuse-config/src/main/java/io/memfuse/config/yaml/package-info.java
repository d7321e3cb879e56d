/**
 * From YAML text to a tree in which every node knows its line, its column and its path; the text itself is strictly
 * checked on the way. {@link io.memfuse.config.yaml.YamlReader} is the way in, {@link io.memfuse.config.yaml.Node} comes
 * out, and what is wrong goes to a {@link io.memfuse.config.yaml.ProblemSink}, all of it, not only the first.
 *
 * <p>No message quotes the text: it may be a password. Internal: not exported by the module. Knows nothing of MemFuse;
 * the only package that touches the YAML library.
 */
@NullMarked
package io.memfuse.config.yaml;

import org.jspecify.annotations.NullMarked;
