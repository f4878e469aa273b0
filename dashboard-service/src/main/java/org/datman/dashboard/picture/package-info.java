/** Files of the archive for logged-in users. */
package org.datman.dashboard.picture;
