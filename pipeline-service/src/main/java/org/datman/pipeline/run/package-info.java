/**
 * Running tools: jobs with leases in the database, workers that claim them, and success defined by the outputs that the descriptor declares.
 */
@NullMarked
package org.datman.pipeline.run;

import org.jspecify.annotations.NullMarked;
