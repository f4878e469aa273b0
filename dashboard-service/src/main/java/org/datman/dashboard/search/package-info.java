/** The search box for any kind of id. */
@NullMarked
package org.datman.dashboard.search;

import org.jspecify.annotations.NullMarked;
