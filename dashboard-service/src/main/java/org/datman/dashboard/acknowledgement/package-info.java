/** What people dismissed or acknowledged. */
@NullMarked
package org.datman.dashboard.acknowledgement;

import org.jspecify.annotations.NullMarked;
