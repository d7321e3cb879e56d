/** The three services on a real server: what they promise about data, order, faults and the walls between users. */
@NullMarked
package io.memfuse.it.services;

import org.jspecify.annotations.NullMarked;
