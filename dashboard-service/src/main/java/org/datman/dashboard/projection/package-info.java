/**
 * The read model. The newest fact about each thing is kept as it was said; rows for lists follow from the facts by pure
 * functions, so the order in which topics are heard does not matter and a rebuild comes out the same.
 */
package org.datman.dashboard.projection;
