/** Decisions of people on images and sessions, bound to the bytes that were seen. The words stay here. */
package org.datman.dashboard.review;
