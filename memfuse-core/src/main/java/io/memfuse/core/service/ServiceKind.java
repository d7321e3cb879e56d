package io.memfuse.core.service;

/**
 * One kind of service and its place in each user's array of services.
 *
 * @param index the place
 * @param factory makes it
 */
record ServiceKind<S>(int index, ServiceFactory<S> factory) {

    String name() {
        return factory.name();
    }

    Class<S> type() {
        return factory.type();
    }
}
