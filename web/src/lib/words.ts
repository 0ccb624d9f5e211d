/** Marks English words that are translated elsewhere, by `t` or `said`: the catalogue is gathered from both. */
export const w = (english: string): string => english;

// The server's own fixed vocabulary. What parties wrote is never translated.
export const VOCABULARY = [
  w('boost'), w('coast'), w('reentry'), w('ballistic'), w('space'), w('air'), w('unknown'), w('benign'), w('fault'), w('unexplained'),
  w('phase boost'), w('phase coast'), w('phase reentry'), w('phase air'), w('phase unknown'),
  w('notified-launch'), w('partner-statement'), w('known-object'), w('sensor-fault'), w('exercise-data'),
  w('none'), w('display'), w('threat'), w('attack'), w('low'), w('medium'), w('high'), w('valid'), w('under investigation'), w('anomalous'),
  w('sealed'), w('overdue'), w('opened'), w('open'), w('closed'), w('answered'), w('routine'), w('urgent'), w('flash'),
  w('telephone'), w('radio'), w('video'), w('in-person'), w('hotline'), w('short-code'), w('voice-call'), w('acknowledgement'), w('negative-statement'), w('retraction'), w('cyber-incident'), w('press'),
  w('pre-launch'), w('extension'), w('cancellation'), w('post-launch'), w('geophysical-experiment'), w('deorbit'),
  w('announced'), w('active'), w('flown'), w('expired'), w('cancelled'), w('late'), w('disputed'), w('vehicle not named'),
  w('propose'), w('proposal'), w('vote'), w('stand'), w('standing'), w('suspend'), w('resume'), w('withdraw'), w('delegate'), w('relinquish-watch'), w('assume-watch'), w('retract'), w('deny'),
  w('undetermined; act as not adopted'), w('Log in first.'), w('No word from the centre: nothing can be sent.'),
  w('not yet'), w('flying'), w('down'), w('not seen'), w('early'), w('matched'), w('contradicted'), w('extended'), w('retracted'), w('acknowledged'), w('launched'), w('never-acknowledged'), w('unacknowledged'), w('window-open'), w('duplicate'), w('contradictory'), w('launched-outside-window'), w('grouped'), w('a launch that was announced'), w('an object that is known'), w('a fault of sensors'), w('exercise data'), w('data that its own party disowns'), w('no explanation'),
  w('sounding-rocket'), w('space-launch'), w('ballistic-short'), w('ballistic-medium'), w('ballistic-intermediate'), w('ballistic-intercontinental'), w('aircraft'), w('satellite'), w('decay'),
  w('window-extension'), w('a senior officer or a capital'), w('play stands still'), w('the exercise has ended'), w('its deadline has passed'), w('we have voted'),
  w('reply'), w('evidence'), w('extend'), w('disagree'), w('hotline'), w('duty-officer'), w('press'), w('site-check'), w('late'), w('advice'), w('political'), w('legally binding'),
  w('This is not in the recording.'), w('watch-officer'), w('senior-officer'), w('capital'), w('observer'), w('director'), w('auditor'),
];
