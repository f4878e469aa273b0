/** What the simulated server holds (projects, subjects, sessions, scans, resources, files) and everything that can happen to it. */
package org.datman.simulator.archive;
