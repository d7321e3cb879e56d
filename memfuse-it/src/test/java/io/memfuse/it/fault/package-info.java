/**
 * Faults between MemFuse and PostgreSQL, and in PostgreSQL itself, while requests go on. {@link io.memfuse.it.fault.FaultProxy} is
 * the network that fails on request; the campaign strikes one database of three with each fault of a list, and looks at what the
 * callers of all three see, at what is left behind, and at what was written; {@code RandomCampaignIT} draws several of them at
 * a time from a seed. {@code InnerFaultsIT} has the faults inside the process.
 */
@NullMarked
package io.memfuse.it.fault;

import org.jspecify.annotations.NullMarked;
