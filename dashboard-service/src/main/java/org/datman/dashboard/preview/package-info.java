/** What a changed study text would do to the known series, before it is in force. */
@NullMarked
package org.datman.dashboard.preview;

import org.jspecify.annotations.NullMarked;
