/** Publishing and consuming events: CloudEvents on Kafka, retries during outages, dead letters with a reason. */
package org.datman.platform.event;
