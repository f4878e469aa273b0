/** Publishes files under their public names and records them per scan, so that no file is left behind unnoticed. */
package org.datman.export.publish;
