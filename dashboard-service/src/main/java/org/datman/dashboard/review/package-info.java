/** Decisions of people on images and sessions, bound to the bytes that were seen. Comments are stored only here. */
@NullMarked
package org.datman.dashboard.review;

import org.jspecify.annotations.NullMarked;
