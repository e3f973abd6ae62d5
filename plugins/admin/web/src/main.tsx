import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { startTheme } from './app/theme';
import { startLanguage } from './i18n/language';
import { loadMessages } from './i18n/text';
import './styles/base.css';

startTheme();
const language = startLanguage();
const messages = await loadMessages(language);
const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App first={{ language, messages }} /></StrictMode>);
