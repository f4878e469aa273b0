/** The pipelines of studies: how far their runs are, and what people decide about them. */
@NullMarked
package org.datman.dashboard.pipeline;

import org.jspecify.annotations.NullMarked;
