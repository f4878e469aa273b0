/** Functions that the templates call. */
@NullMarked
package org.datman.dashboard.page;

import org.jspecify.annotations.NullMarked;
