/** Series of no special kind: localizers, field maps, derived maps. Only what every image has. */
package org.datman.metrics.other;
