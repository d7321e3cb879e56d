package io.memfuse.config;

import io.memfuse.config.yaml.Place;
import io.memfuse.config.yaml.Shown;

/**
 * One value of the file after the environment was put in.
 *
 * @param text what it says
 * @param place where it stands
 * @param environment whether the text, or a part of it, comes from the environment
 */
record Value(String text, Place place, boolean environment) {

    /** Returns the value for a message. What comes from the environment is not shown: it may be a secret in a wrong place. */
    String shown() {
        return environment ? "the value from the environment" : Shown.quoted(text);
    }

    /** Returns where it stands, never what it says. */
    @Override
    public String toString() {
        return "value at " + place;
    }
}
