/**
 * Services made once for each user and kept: {@link io.memfuse.core.service.ServiceFactory} makes one,
 * {@link io.memfuse.core.service.ServiceCache} keeps them, single-flight and bounded, and closes each before what it
 * depends on. May use {@code time} and {@code thread}; knows no pools: what a service needs of a database it gets through
 * {@link io.memfuse.core.service.ServiceResources}.
 */
@NullMarked
package io.memfuse.core.service;

import org.jspecify.annotations.NullMarked;
