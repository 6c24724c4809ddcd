// Both generations of the npm SDKs, against a real mail server.
import { mailStory } from './mail-story.mjs';

mailStory(27, 27);
mailStory(21, 20);
