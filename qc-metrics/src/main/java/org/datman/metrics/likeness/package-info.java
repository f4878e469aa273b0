/** What later sessions of the same protocol are compared with. */
package org.datman.metrics.likeness;
