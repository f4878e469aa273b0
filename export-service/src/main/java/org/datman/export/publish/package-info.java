/** Puts files under their public names and remembers per scan what lies there, so that nothing is left behind unnoticed. */
package org.datman.export.publish;
