/** The Kafka topics, declared in one place: the deployment creates them from here and auto-creation is off. */
@NullMarked
package org.datman.contracts.topic;

import org.jspecify.annotations.NullMarked;
