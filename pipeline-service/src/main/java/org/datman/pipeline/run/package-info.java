/**
 * Running tools: jobs with leases in the database, workers that take them, one {@link org.datman.pipeline.run.JobRunner} per
 * way of running, and judging by the outputs that the descriptor declares.
 */
package org.datman.pipeline.run;
