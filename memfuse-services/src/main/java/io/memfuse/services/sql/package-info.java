/**
 * The way of all services to PostgreSQL. {@link io.memfuse.services.sql.UserDatabase} runs their statements, each bound to
 * one user in one place; {@link io.memfuse.services.sql.Schemas} sees that their tables are there before the first one;
 * {@link io.memfuse.services.sql.Texts} refuses text that the server would. Leaves no transaction behind on a connection.
 *
 * <p>Not exported. May use {@code io.memfuse.services} and JDBC, no class of a driver.
 */
@NullMarked
package io.memfuse.services.sql;

import org.jspecify.annotations.NullMarked;
