/** What of the manifests follows from the code: topics and users of Kafka, and what KEDA scales by. */
@NullMarked
package org.datman.kubernetes;

import org.jspecify.annotations.NullMarked;
