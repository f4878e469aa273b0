/**
 * Series facts and study rules become a tag and a name, with the reasons. {@link org.datman.contracts.study.SeriesTagger} decides
 * and is pure; {@link org.datman.tagging.SeriesDiscoveredListener} consumes and publishes.
 */
@NullMarked
package org.datman.tagging;

import org.jspecify.annotations.NullMarked;
