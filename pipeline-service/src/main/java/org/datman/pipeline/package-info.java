/**
 * Selects and runs tools, by feature: {@code selection} (may this session run that tool, and why not), {@code
 * request} (consuming events, deciding, requesting runs), {@code boutiques} (tool descriptors), {@code run} (jobs, workers, checking the
 * declared outputs), {@code state} (the last consumed and published events).
 */
@NullMarked
package org.datman.pipeline;

import org.jspecify.annotations.NullMarked;
