/** Whether this machine, its settings and the servers around it are as DATMAN needs them, and what to do where they are not. */
@NullMarked
package org.datman.local.doctor;

import org.jspecify.annotations.NullMarked;
