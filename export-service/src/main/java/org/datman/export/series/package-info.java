/** From a tagged series to files that were said: the order of steps, and what each outcome is. */
package org.datman.export.series;
