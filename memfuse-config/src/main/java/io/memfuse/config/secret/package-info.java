/**
 * What is put into the file from elsewhere.
 *
 * <p>Where values come from that are not in the file: variables of the environment, files, the providers of secrets, and the password
 * file of libpq. No message shows what was found, nor a reference that may be a part of it.
 *
 * <p>May use {@code yaml} and {@code value}; not exported. Of {@code io.memfuse.config} it uses the records and exceptions only.
 */
@NullMarked
package io.memfuse.config.secret;

import org.jspecify.annotations.NullMarked;
