import { mount } from 'svelte';
import '../app.css';
import '../lib/theme.svelte';
import { firstLanguage, speak } from '../lib/i18n.svelte';
import Replay from './Replay.svelte';

const language = firstLanguage();
const target = document.getElementById('app')!;
void (language === 'en' ? Promise.resolve() : speak(language).catch(() => undefined)).then(() => (target.replaceChildren(), mount(Replay, { target })));
