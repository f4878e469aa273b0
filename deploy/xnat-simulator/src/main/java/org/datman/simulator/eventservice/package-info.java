/** XNAT's Event Service: subscriptions to changes of sessions, and the result of each event. */
package org.datman.simulator.eventservice;
