/** What was withdrawn from an archive and is kept there: listed, and removed for good when a person says so. */
@NullMarked
package org.datman.local.withdrawal;

import org.jspecify.annotations.NullMarked;
