/** The content of the simulated server (projects, subjects, sessions, scans, resources, files) and all changes to it. */
@NullMarked
package org.datman.simulator.archive;

import org.jspecify.annotations.NullMarked;
