package io.memfuse.core.service;

/**
 * One kind of service and its place in each user's array of services.
 *
 * @param index the place
 * @param factory makes it
 * @param settings what it is made with
 */
record ServiceKind<S>(int index, ServiceFactory<S> factory, ServiceSettings settings) {

    String name() {
        return factory.name();
    }

    Class<S> type() {
        return factory.type();
    }
}
