/** XNAT's Event Service: subscriptions to what happens to sessions, and what came of each event. */
package org.datman.simulator.eventservice;
