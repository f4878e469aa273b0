/** What qc has consumed: the latest event of each kind per session and series. */
@NullMarked
package org.datman.qc.state;

import org.jspecify.annotations.NullMarked;
