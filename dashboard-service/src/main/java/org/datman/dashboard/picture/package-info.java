/** Files of the archive for those who are logged in. */
package org.datman.dashboard.picture;
