/** Small notices that a session changed, to every open page. */
@NullMarked
package org.datman.dashboard.live;

import org.jspecify.annotations.NullMarked;
