/** Saying and hearing events: CloudEvents on Kafka, waiting out outages, setting poison aside with a reason. */
package org.datman.platform.event;
