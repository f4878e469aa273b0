/** Publishing and consuming events: CloudEvents on Kafka, retries during outages, dead letters with a reason. */
@NullMarked
package org.datman.platform.event;

import org.jspecify.annotations.NullMarked;
