/** Reference images of earlier sessions that later ones of the same protocol are compared with. */
package org.datman.metrics.reference;
