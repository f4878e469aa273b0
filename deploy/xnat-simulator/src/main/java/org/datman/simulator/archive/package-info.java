/** The content of the simulated server (projects, subjects, sessions, scans, resources, files) and all changes to it. */
package org.datman.simulator.archive;
