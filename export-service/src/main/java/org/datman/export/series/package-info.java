/** From a tagged series to published files: the order of steps, and each outcome. */
package org.datman.export.series;
