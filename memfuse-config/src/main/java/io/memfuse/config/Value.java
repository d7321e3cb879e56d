package io.memfuse.config;

import io.memfuse.config.yaml.Place;
import io.memfuse.config.yaml.Shown;

/**
 * One value of the file after variables and files were put in.
 *
 * @param text what it says
 * @param place where it stands
 * @param environment whether the text, or a part of it, comes from the environment: a variable, or a file that it names
 */
record Value(String text, Place place, boolean environment) {

    /** Returns the value for a message. What comes from the environment is not shown: it may be a secret. */
    String shown() {
        return environment ? "the value of '${...}'" : Shown.quoted(text);
    }

    /** Returns where it stands, never what it says. */
    @Override
    public String toString() {
        return "value at " + place;
    }
}
