/** XNAT's Event Service: subscriptions to changes of sessions, and the result of each event. */
@NullMarked
package org.datman.simulator.eventservice;

import org.jspecify.annotations.NullMarked;
